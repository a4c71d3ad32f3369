/*
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      http://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */
package io.github.camelrealtime.examples.simulator;

import java.util.List;

import edu.cmu.sphinx.frontend.BaseDataProcessor;
import edu.cmu.sphinx.frontend.Data;
import edu.cmu.sphinx.frontend.DataStartSignal;
import edu.cmu.sphinx.frontend.DoubleData;
import edu.cmu.sphinx.util.props.PropertyException;
import edu.cmu.sphinx.util.props.PropertySheet;
import edu.cmu.sphinx.util.props.S4Integer;
import edu.cmu.sphinx.util.props.S4String;

/**
 * Takes the colour of the line out of the cepstra by subtracting their running mean, in place of the library's
 * {@code LiveCMN}. That one carries its mean from one recording to the next, so that what it hears depends on what it heard
 * before (of the ten recordings in twenty orders, the shortest was refused in fifteen), and knows nothing but the recording
 * itself at first, too little for two words. This one starts every recording from the same prior mean.
 */
public final class SteadyMean extends BaseDataProcessor {

    /** The long-term mean to start from, numbers separated by blanks. */
    @S4String
    public static final String PROP_PRIOR = "prior";

    /** How many frames of 10 ms the prior counts for. */
    @S4Integer(defaultValue = 200)
    public static final String PROP_WEIGHT = "weight";

    private double[] prior;
    private int weight;

    private double[] sum;
    private int frames;

    @Override
    public void newProperties(PropertySheet ps) throws PropertyException {
        super.newProperties(ps);
        prior = List.of(ps.getString(PROP_PRIOR).strip().split("\\s+")).stream().mapToDouble(Double::parseDouble).toArray();
        weight = ps.getInt(PROP_WEIGHT);
    }

    @Override
    public Data getData() {
        Data data = getPredecessor().getData();
        if (data instanceof DataStartSignal) {
            restart();
        } else if (data instanceof DoubleData cepstrum) {
            subtractMean(cepstrum.getValues());
        }
        return data;
    }

    private void restart() {
        sum = prior.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] *= weight;
        }
        frames = weight;
    }

    private void subtractMean(double[] cepstrum) {
        // a first coefficient below zero is digital silence, which says nothing about the line
        boolean sound = cepstrum[0] >= 0;
        frames += sound ? 1 : 0;
        for (int i = 0; i < cepstrum.length; i++) {
            sum[i] += sound ? cepstrum[i] : 0;
            cepstrum[i] -= sum[i] / frames;
        }
    }
}
